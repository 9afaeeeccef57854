"""Takes files out of the inbox: each is kept by its hash and recorded before anything else happens to it."""
