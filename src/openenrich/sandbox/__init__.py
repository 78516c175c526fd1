"""The simulated vendors, name servers and people: one seeded world behind real sockets on loopback.

It promises that the same seed is the same world everywhere, and that nothing in it exists outside: hosts end in
``.test``, telephone numbers come from ranges that regulators keep for fiction. It knows nothing of the engine.
"""
