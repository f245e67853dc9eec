"""The control panel: a page on loopback that shows the program and changes its settings.

It is served by Python's own `http.server`: what it needs is one stream of state, pictures, and a
dozen commands from one person's browser, for which NiceGUI would bring 50 packages and 110 MB.
What that server does not promise is looked after here: only loopback, a random token in the
address, Host and Origin checked, small bodies, and the video never waits for any of it.
"""
