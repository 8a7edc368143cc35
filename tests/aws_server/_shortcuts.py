"""What moto works out anew for each request, worked out once: a server of the tests lives through thousands."""

import functools

from moto import backends
from moto.kms import models, utils

backends.list_of_moto_modules = functools.cache(lambda found=backends.list_of_moto_modules: tuple(found()))
"""The folders of moto's package, which it lists twice for each request."""

vars(models)["generate_private_key"] = functools.cache(utils.generate_private_key)
"""One RSA key for each size: only what signs and verifies could tell them apart, and no audit does."""
