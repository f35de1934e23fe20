"""torch_step.py, the peer, on an NVIDIA card: the same program with everything on the device, float32 throughout."""
import pathlib
import runpy

import torch

torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
# Fixed shapes: let cuDNN look for the fastest algorithms.
torch.backends.cudnn.benchmark = True
torch.set_default_device("cuda")
runpy.run_path(str(pathlib.Path(__file__).with_name("torch_step.py")), run_name="__main__")
