"""pymap that hashes passwords once: half a million rounds took a fifth of a second of each sign-in."""

from pymap.main import main
from pysasl.hashing import BuiltinHash

if __name__ == "__main__":
    BuiltinHash.__init__.__kwdefaults__ = {"hash_name": "sha256", "salt_len": 16, "rounds": 1}
    main()
