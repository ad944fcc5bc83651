import ArgumentParser
import TUI
import VAECore
print("latent")
