import time, pytest, asyncpg, asyncio
from e2e.processes import until
from e2e.stranger import *
from e2e.test_graceful_stop import *
pytestmark = pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("speed",[10,30,60])
async def test_p(speed, session, server_url, tmp_path):
    import e2e.test_graceful_stop as g
    g.SPEED=speed
    t0=time.time()
    def say(*a): print(round(time.time()-t0,2), *a)
    async with a_place(server_url, tmp_path) as (world, place), server(place, workers_inside=0) as api:
        client = Stranger(session, api.url, await create_key(place, credits=100_000))
        say("key")
        async with server(place) as stopping:
            enrichment_id = await start(client, session, world)
            say("started")
            await until(lambda: some(3), 30) if 0 else None
            async def done(n):
                return await finished(client, enrichment_id) >= n
            await until(lambda: done(3)); say("3 done")
            print(await stopping.stop(10), "stopped"); say("stopped", await finished(client, enrichment_id))
        async with worker(place) as w:
            say("worker up")
            for n in (25,50,75,90,95,97,98,99,100):
                await until(lambda: done(n), 60); say(n)
            print(w.said()[-600:])
