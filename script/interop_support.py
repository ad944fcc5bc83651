"""What the checks of script/interop-test share. LATENT_PROGRAM is the program."""

import os
import subprocess
import sys

PROGRAM = os.path.abspath(os.environ["LATENT_PROGRAM"])
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
checks = 0


def check(condition, what):
    global checks
    checks += 1
    if not condition:
        sys.exit(f"interop-test: FAILED: {what}")


def latent(*arguments, folder):
    done = subprocess.run([PROGRAM, *arguments], cwd=folder, capture_output=True, text=True, timeout=600)
    check(done.returncode == 0, f"latent {' '.join(arguments)}: {done.stderr}")
    return done.stdout
