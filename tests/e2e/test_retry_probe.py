import time, pytest, asyncpg
from e2e.processes import until
from e2e.stranger import *
pytestmark = pytest.mark.asyncio(loop_scope="module")
async def test_p(stranger, place):
    async with receiver() as r:
        r.answers["/failing"]=500
        await stranger.start([person("Mira")], webhook_url=f"{r.url}/failing")
        c = await asyncpg.connect(place["OPENENRICH_DATABASE_URL"])
        seen=[]; t0=time.time()
        async def look():
            rows=await c.fetch("select id,status,attempts,execute_after-now() eta, updated-now() upd, heartbeat-now() hb, created-now() cr, now()-clock_timestamp() sk from pgqueuer")
            d=await c.fetch("select attempts,state,next_at-now() n from delivery")
            seen.append((round(time.time()-t0,2), [tuple(x) for x in rows],[tuple(x) for x in d], len(r.events)))
            return len(r.events)>=3
        await until(look, 20)
        for s in seen: print(s)
        await c.close()
