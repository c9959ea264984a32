# In: a path of a file. Out: the same, or what a storage plugin makes of its address.


def stored(path):
    """What lies in a remote storage is fetched and put there by its plugin; all else is a plain file."""
    outside = "://" in path or (CONFIG.deposit and path.startswith(CONFIG.deposit))
    return storage(path) if outside else path
