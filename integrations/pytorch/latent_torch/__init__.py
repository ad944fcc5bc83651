"""VAEs of `latent` in PyTorch: the same networks, losses, random draws and files.

    model = latent_torch.VAE(configuration)      # the network of a preset, a model file or a config.json
    latent_torch.save(model, "vae.safetensors")  # a file that `latent` opens, evaluates and walks through
    model = latent_torch.load("vae.safetensors")
"""

from .errors import LatentError
from .files import load, save
from .model import VAE

__all__ = ["VAE", "LatentError", "load", "save"]
__version__ = "0.1.0"
