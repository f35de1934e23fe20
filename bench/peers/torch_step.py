"""The peer of `npm run bench tensor`: the same networks, losses and samplers in PyTorch, eager.

A process that is spoken to line by line: a JSON request on standard input, a JSON answer on standard output.
  {"open": case, "threads": n}  builds the case and returns what must agree with our side: the number of parameters, the
                                floating point operations of a forward pass, and values that it computes
  {"round": iterations}         returns the milliseconds that these iterations take together
  {"product": n, "threads": k}  returns those of the fastest product of two n x n matrices
Parameters are registered in our order and filled with our numbers, so that values can be compared. Needs torch (Debian:
python3-torch and libopenblas0-pthread).
"""
import json
import math
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F


def noise(stream, shape):
    """Uniform on [-1, 1), a hash of (stream, index): `noise` of bench/tensor-values.ts."""
    count = math.prod(shape)
    h = (torch.arange(count) * 2654435761 + stream * 40503) & 0xFFFFFFFF
    for shift, factor in ((15, 2246822519), (13, 3266489917)):
        h = ((h ^ (h >> shift)) * factor) & 0xFFFFFFFF
    h = h ^ (h >> 16)
    return (h.double() / 2**31 - 1).float().view(shape)


class Half(nn.Conv2d):
    """A convolution of stride 2. TensorFlow pads after the image; padding on both sides is faster here and equal work."""

    exact = False

    def __init__(self, channels):
        super().__init__(channels, channels, 3, stride=2, padding=1)

    def forward(self, x):
        if Half.exact:
            return F.conv2d(F.pad(x, (0, 1, 0, 1)), self.weight, self.bias, stride=2)
        return super().forward(x)


class Block(nn.Module):
    def __init__(self, inputs, outputs, groups, time_units):
        super().__init__()
        self.norm1, self.conv1 = nn.GroupNorm(groups, inputs), nn.Conv2d(inputs, outputs, 3, padding=1)
        self.time = nn.Linear(time_units, outputs) if time_units else None
        self.norm2, self.conv2 = nn.GroupNorm(groups, outputs), nn.Conv2d(outputs, outputs, 3, padding=1)
        self.skip = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else None

    def forward(self, x, time):
        h = self.conv1(F.silu(self.norm1(x)))
        if self.time is not None:
            h = h + self.time(time)[:, :, None, None]
        h = self.conv2(F.silu(self.norm2(h)))
        return h + (x if self.skip is None else self.skip(x))


class UNet(nn.Module):
    """src/networks/unet.ts: a classifier with the paper's head, or with `time` a noise predictor."""

    def __init__(self, net, T, time):
        super().__init__()
        inputs, channels, mult, blocks, groups = (net[k] for k in ("inChannels", "channels", "mult", "blocks", "groups"))
        units = 4 * channels if time else 0
        self.channels, self.first = channels, nn.Conv2d(inputs, channels, 3, padding=1)
        current, skips, self.down = channels, [channels], nn.ModuleList()
        for level, multiple in enumerate(mult):
            for _ in range(blocks):
                self.down.append(Block(current, channels * multiple, groups, units))
                current = channels * multiple
                skips.append(current)
            if level < len(mult) - 1:
                self.down.append(Half(current))
                skips.append(current)
        self.middle = nn.ModuleList(Block(current, current, groups, units) for _ in range(2))
        self.up = nn.ModuleList()
        for level, multiple in reversed(list(enumerate(mult))):
            for _ in range(blocks + 1):
                self.up.append(Block(current + skips.pop(), channels * multiple, groups, units))
                current = channels * multiple
            if level > 0:
                self.up.append(nn.Conv2d(current, current, 3, padding=1))
        self.time = nn.Sequential(nn.Linear(channels, units), nn.SiLU(), nn.Linear(units, units)) if time else None
        self.norm = nn.GroupNorm(groups, current)
        self.conv = nn.Conv2d(current, inputs if time else 2 * current, 3, padding=1)
        self.linear = None if time else nn.Linear(2 * current, T + 2)

    def forward(self, x, t=None):
        time = None if self.time is None else F.silu(self.time(self.sinusoids(t)))
        h = self.first(x)
        kept = [h]
        for layer in self.down:
            h = layer(h, time) if isinstance(layer, Block) else layer(h)
            kept.append(h)
        for layer in self.middle:
            h = layer(h, time)
        for layer in self.up:
            if isinstance(layer, Block):
                h = layer(torch.cat([h, kept.pop()], 1), time)
            else:
                h = layer(F.interpolate(h, scale_factor=2.0, mode="nearest"))
        h = self.conv(F.silu(self.norm(h)))
        # The mean times the square root of the number of pixels, as in src/networks/unet.ts.
        return h if self.linear is None else torch.cumsum(self.linear(h.mean((2, 3)) * h.shape[2]), 1)

    def sinusoids(self, t):
        half = self.channels // 2
        phase = t[:, None].float() * torch.exp(torch.arange(half) * (-math.log(1e4) / (half - 1)))
        return torch.cat([torch.sin(phase), torch.cos(phase)], 1)


class SmoothHead(nn.Module):
    """smoothHead of src/networks/heads.ts."""

    def __init__(self, net, dim, alpha, sigma):
        super().__init__()
        cosines, classes = net["cosines"], len(alpha)
        self.bias = nn.Parameter(torch.zeros(cosines))
        self.psi = torch.cos(math.pi * torch.arange(cosines)[:, None] * torch.arange(classes) / (classes - 1))
        self.damped = self.psi * alpha
        mean, variance = torch.full((dim,), net["mean"]), alpha**2 * net["variance"] + sigma**2
        self.quadratic, self.mean, self.slope = 0.5 * (1 - 1 / variance), mean[:, None], alpha / variance
        self.constant = -(alpha**2) * mean.square().sum() / (2 * variance) - 0.5 * dim * torch.log(variance)

    def forward(self, features, x):
        gaussian = x.square().sum(1, keepdim=True) * self.quadratic + (x @ self.mean) * self.slope + self.constant
        return gaussian + features @ self.damped + self.bias @ self.psi


class Mlp(nn.Module):
    """src/networks/mlp.ts."""

    def __init__(self, net, alpha, sigma):
        super().__init__()
        dim, width = net["dim"], net["width"]
        self.scale, self.first = net["inputScale"], nn.Linear(dim, width)
        self.residual = nn.ModuleList(nn.Linear(width, width) for _ in range(net["depth"]))
        self.last = nn.Linear(width, net["cosines"])
        self.head = SmoothHead(net, dim, alpha, sigma)

    def forward(self, x):
        h = F.silu(self.first(x * self.scale))
        for layer in self.residual:
            h = h + F.silu(layer(h))
        return self.head(self.last(h), x)


class TokenMixer(nn.Module):
    def __init__(self, groups, tokens):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(groups, tokens, tokens))

    def forward(self, h):
        groups, tokens, _ = self.weight.shape
        size = h.shape[1] // groups
        grouped = h.view(tokens, -1, groups, size).permute(2, 0, 1, 3).reshape(groups, tokens, -1)
        mixed = torch.bmm(self.weight, grouped).view(groups, tokens, -1, size)
        return mixed.permute(1, 2, 0, 3).reshape(h.shape)


class Position(nn.Module):
    def __init__(self, tokens, width):
        super().__init__()
        self.value = nn.Parameter(torch.zeros(tokens, 1, width))

    def forward(self, h):
        tokens, _, width = self.value.shape
        return (h.view(tokens, -1, width) + self.value).view(h.shape)


class Encoder(nn.Module):
    """src/networks/encoder.ts: x is [batch, height, width, channels], tokens are rows, those of one place together."""

    def __init__(self, net, alpha, sigma):
        super().__init__()
        size, channels, patch, width = (net[k] for k in ("imageSize", "inChannels", "patchSize", "width"))
        self.patch, self.tokens = patch, (size // patch) ** 2
        self.embed = nn.Linear(patch**2 * channels, width)
        self.position = Position(self.tokens, width)
        self.mixers = nn.ModuleList()
        for _ in range(net["blocks"]):
            self.mixers.append(TokenMixer(net["groups"], self.tokens))
            self.mixers.append(nn.Sequential(nn.Linear(width, 2 * width), nn.SiLU(), nn.Linear(2 * width, width)))
        self.square, self.perceptron = nn.Linear(width, width), nn.Linear(width, width)
        self.units = nn.Linear(width, net["cosines"])
        self.head = SmoothHead(net, size**2 * channels, alpha, sigma)

    def forward(self, x):
        batch, height, width, channels = x.shape
        cut = x.view(batch, height // self.patch, self.patch, width // self.patch, self.patch * channels)
        h = self.position(self.embed(cut.permute(1, 3, 0, 2, 4).reshape(self.tokens * batch, -1)))
        for mixer in self.mixers:
            h = h + mixer(h)
        energies = self.square(h).square().view(self.tokens, batch, -1).sum(0)
        energies = energies + F.silu(self.perceptron(energies))
        return self.head(self.units(energies), x.reshape(batch, -1))


class Bench:
    def __init__(self, case):
        net, self.T, batch = case["network"], case["T"], case["batch"]
        self.kind, self.case = case["work"]["kind"], case
        self.alpha, self.sigma = torch.tensor(case["alpha"]), torch.tensor(case["sigma"])
        if net["kind"] == "unet":
            self.net = UNet(net, self.T, self.kind == "ddm-step")
        else:
            self.net = {"mlp": Mlp, "encoder": Encoder}[net["kind"]](net, self.alpha, self.sigma)
        self.shape = (net["dim"],) if net["kind"] == "mlp" else (net["imageSize"], net["imageSize"], net["inChannels"])
        self.fill()
        self.x0, self.epsilon = self.samples(1001, batch, 0.5), self.samples(1002, batch, 1)
        first, count = (1, self.T) if self.kind == "ddm-step" else (0, self.T + 2)
        self.t, self.rows = torch.arange(batch) * 7 % count + first, torch.arange(batch)
        if self.kind in ("nll", "ddim"):
            self.net.requires_grad_(False)
        else:
            self.adam = torch.optim.Adam(self.net.parameters(), case["learningRate"], betas=(0.9, 0.99))
        if self.kind == "nll":
            self.images = self.samples(1003, case["work"]["images"], 0.5)

    @torch.no_grad()
    def fill(self):
        scales = {id(m.weight) for m in self.net.modules() if isinstance(m, nn.GroupNorm)}
        for stream, parameter in enumerate(self.net.parameters()):
            shape = list(parameter.shape)
            if len(shape) == 1:
                parameter.copy_(0.1 * noise(stream, shape) + (1 if id(parameter) in scales else 0))
            else:
                # Ours are [inputs, outputs] and [height, width, inputs, outputs]; of rank 3 they are the same.
                ours = shape if len(shape) == 3 else [*shape[2:], shape[1], shape[0]]
                values = noise(stream, ours) * math.sqrt(3 / math.prod(ours[:-1]))
                parameter.copy_({2: values.t, 3: values.clone, 4: lambda: values.permute(3, 2, 0, 1)}[len(shape)]())

    def samples(self, stream, count, scale):
        x = noise(stream, (count, *self.shape)) * (math.sqrt(3) * scale)
        return x.permute(0, 3, 1, 2).contiguous() if isinstance(self.net, UNet) else x

    def level(self, values, t):
        return values[t].view(-1, *[1] * len(self.shape))

    def denoise(self, x, t, create_graph):
        x = x.detach().requires_grad_()
        logits = self.net(x)
        ratio = (logits[:, -1] - logits[self.rows, t]).sum()
        gradient = torch.autograd.grad(ratio, x, create_graph=create_graph)[0]
        return logits, self.level(self.sigma, t) * (gradient + x)

    def training_step(self):
        xt = self.level(self.alpha, self.t) * self.x0 + self.level(self.sigma, self.t) * self.epsilon
        if self.kind == "ddm-step":
            loss = F.mse_loss(self.net(xt, self.t), self.epsilon)
        else:
            logits, epsilon_hat = self.denoise(xt, self.t, True)
            weights = self.case["lossWeights"]
            loss = weights["ce"] * F.cross_entropy(logits, self.t) + weights["mse"] * F.mse_loss(epsilon_hat, self.epsilon)
        self.adam.zero_grad(set_to_none=True)
        loss.backward()
        self.adam.step()
        return loss.item()

    @torch.no_grad()
    def nll(self):
        parts = []
        for x in self.images.split(self.case["batch"]):
            logits = self.net(x)
            prior = -0.5 * (x[0].numel() * math.log(2 * math.pi) + x.square().flatten(1).sum(1))
            parts.append(prior + logits[:, 0] - logits[:, -1])
        return torch.cat(parts).mean().item()

    def ddim(self):
        x, grid = torch.randn_like(self.x0), self.case["grid"]
        for t, s in zip(grid, grid[1:] + [0]):
            _, epsilon_hat = self.denoise(x, torch.full_like(self.t, t), False)
            ratio = self.alpha[s] / self.alpha[t]
            x = ratio * x + (self.sigma[s] - ratio * self.sigma[t]) * epsilon_hat
        return x.square().mean().item()

    def iterate(self):
        return {"nll": self.nll, "ddim": self.ddim}.get(self.kind, self.training_step)()

    def values(self):
        """What our side computes too: three steps' losses, the mean log density, or the size of a noise estimate."""
        Half.exact = True
        if self.kind == "ddim":
            values = [self.denoise(self.x0, torch.full_like(self.t, self.T // 2), False)[1].square().mean().item()]
        else:
            values = [self.iterate() for _ in range(1 if self.kind == "nll" else 3)]
        Half.exact = False
        return values

    @torch.no_grad()
    def forward_flops(self):
        """Two for each multiply-add of the convolutions and linear layers, one forward pass of one batch."""
        total = 0

        def count(module, _, output):
            nonlocal total
            shape = module.weight.shape
            total += 2 * output.numel() * (shape[-1] if isinstance(module, TokenMixer) else math.prod(shape[1:]))

        layers = [m for m in self.net.modules() if isinstance(m, (nn.Conv2d, nn.Linear, TokenMixer))]
        hooks = [layer.register_forward_hook(count) for layer in layers]
        self.net(*((self.x0, self.t) if self.kind == "ddm-step" else (self.x0,)))
        for hook in hooks:
            hook.remove()
        return total


def product_ms(size, threads):
    """The fastest of ten products of two square matrices: what a machine can do at most."""
    torch.set_num_threads(threads)
    a, times = torch.ones(size, size), []
    for _ in range(10):
        start = time.perf_counter()
        a @ a
        times.append((time.perf_counter() - start) * 1e3)
    return min(times)


def answer(request):
    global bench
    if "open" in request:
        torch.set_num_threads(request["threads"])
        bench = Bench(request["open"])
        parameters = sum(p.numel() for p in bench.net.parameters())
        return {"parameters": parameters, "forwardFlops": bench.forward_flops(), "values": bench.values()}
    if "product" in request:
        return {"ms": product_ms(request["product"], request["threads"])}
    start = time.perf_counter()
    for _ in range(request["round"]):
        value = bench.iterate()
    return {"ms": (time.perf_counter() - start) * 1e3, "value": value}


bench = None
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
