"""Damages a repository the way bit rot and bugs do: python3 damage.py KIND REPOSITORY, with BORG_PASSPHRASE in the environment."""
import configparser
import glob
import os
import subprocess
import sys

sys.path.append("/usr/lib/python3/dist-packages")
from borg.archive import Archive
from borg.helpers import Manifest
from borg.logger import setup_logging
from borg.repository import Repository


def segments(location):
    return sorted(glob.glob(f"{location}/data/*/*"), key=os.path.getsize)


def chunks(repository):
    manifest, key = Manifest.load(repository, (Manifest.Operation.READ,))
    archive = Archive(repository, key, manifest, manifest.archives.list(sort_by=["ts"])[-1].name)
    return archive.metadata.items, [chunk.id for item in archive.iter_items() for chunk in item.get("chunks", [])]


def zeroed_segment(location):
    with open(segments(location)[-1], "r+b") as segment:
        segment.seek(os.path.getsize(segment.name) // 2)
        segment.write(bytes(4096))


def missing_segment(location):
    os.remove(segments(location)[-1])


def truncated_index(location):
    os.truncate(glob.glob(f"{location}/index.*")[0], 100)


def flipped_byte(location):
    """With the checksum corrected: only decryption finds it."""
    with Repository(location, exclusive=True) as repository:
        chunk = max(chunks(repository)[1], key=lambda one: len(repository.get(one)))
        data = bytearray(repository.get(chunk))
        data[-1] ^= 1
        repository.put(chunk, bytes(data))
        repository.commit(compact=False)


def lost_item(location):
    """The names of the files in the newest archive."""
    with Repository(location, exclusive=True) as repository:
        repository.delete(chunks(repository)[0][0])
        repository.commit(compact=False)


def other_key(location):
    os.rename(f"{location}/config", f"{location}.config")
    subprocess.run(["borg", "init", "-e", "repokey-blake2", f"{location}.other"], check=True)
    config, other = configparser.ConfigParser(interpolation=None), configparser.ConfigParser(interpolation=None)
    config.read(f"{location}.config")
    other.read(f"{location}.other/config")
    config["repository"]["key"] = other["repository"]["key"]
    with open(f"{location}/config", "w") as file:
        config.write(file)


def own_key(location):
    os.rename(f"{location}.config", f"{location}/config")


setup_logging()
globals()[sys.argv[1]](sys.argv[2])
