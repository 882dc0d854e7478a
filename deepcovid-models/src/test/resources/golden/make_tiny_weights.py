"""Writes the tiny weights files beside this script: python3 make_tiny_weights.py

One network of three layers in every HDF5 layout. Value number i of all tensors, in the order
conv kernel, conv bias, gamma, beta, mean, variance, dense kernel, dense bias, is i / 8. The layouts
of Keras are imitated with h5py alone, after keras/src/saving/saving_lib.py and
keras/src/legacy/saving/legacy_h5_format.py.
"""

import io
import json
import os
import zipfile

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
SHAPES = [
    ("conv_a", "kernel", (3, 3, 3, 2)),
    ("conv_a", "bias", (2,)),
    ("norm_a", "gamma", (2,)),
    ("norm_a", "beta", (2,)),
    ("norm_a", "moving_mean", (2,)),
    ("norm_a", "moving_variance", (2,)),
    ("top", "kernel", (2, 4)),
    ("top", "bias", (4,)),
]
CLASSES = {"conv_a": "Conv2D", "norm_a": "BatchNormalization", "top": "Dense"}
GROUPS = {"conv_a": "conv2d", "norm_a": "batch_normalization", "top": "dense"}


def tensors(dtype="f4"):
    start = 0
    layers = {}
    for layer, name, shape in SHAPES:
        count = int(np.prod(shape))
        values = (np.arange(start, start + count) / 8).reshape(shape).astype(dtype)
        layers.setdefault(layer, []).append((name, values))
        start += count
    return layers


def legacy(root, dtype="f4", **options):
    layers = tensors(dtype)
    root.attrs["layer_names"] = [b"images"] + [name.encode() for name in layers]
    root.attrs["backend"] = b"tensorflow"
    root.attrs["keras_version"] = b"2.15.0"
    root.create_group("images").attrs["weight_names"] = []
    for layer, weights in layers.items():
        group = root.create_group(layer)
        names = ["%s/%s:0" % (layer, name) for name, _ in weights]
        group.attrs["weight_names"] = [name.encode() for name in names]
        for name, (_, values) in zip(names, weights):
            group.create_dataset(name, data=values, **options)


def keras3(root, groups, attribute):
    root.create_group("vars")
    for layer, weights in tensors().items():
        group = root.create_group("layers/%s/vars" % groups.get(layer, layer))
        if attribute:
            group.attrs["name"] = layer
        for position, (_, values) in enumerate(weights):
            group[str(position)] = values
    root.create_group("layers/re_lu/vars")


def path(name):
    return os.path.join(HERE, name)


with h5py.File(path("tiny_legacy.h5"), "w") as f:
    legacy(f)
with h5py.File(path("tiny_legacy_f64.h5"), "w") as f:
    legacy(f, "f8")
with h5py.File(path("tiny_legacy_f16.h5"), "w") as f:
    legacy(f, "f2")
with h5py.File(path("tiny_legacy_gzip.h5"), "w") as f:
    legacy(f, chunks=True, compression="gzip")
with h5py.File(path("tiny_legacy_latest.h5"), "w", libver="latest") as f:
    legacy(f)
with h5py.File(path("tiny_legacy_split.h5"), "w") as f:
    legacy(f)
    names = list(f.attrs["layer_names"])
    del f.attrs["layer_names"]
    f.attrs["layer_names0"] = names[:2]
    f.attrs["layer_names1"] = names[2:]
with h5py.File(path("tiny_model.h5"), "w") as f:
    f.attrs["model_config"] = json.dumps({"class_name": "Functional", "config": {}})
    legacy(f.create_group("model_weights"))
    f.create_group("optimizer_weights")["iter:0"] = np.int64(7)
with h5py.File(path("tiny_linked.h5"), "w") as f:
    legacy(f)
    del f["top/top/bias:0"]
    f["top/top/bias:0"] = h5py.SoftLink("/conv_a/conv_a/bias:0")
with h5py.File(path("tiny_3_named.weights.h5"), "w") as f:
    keras3(f, {}, False)
with h5py.File(path("tiny_3_attribute.weights.h5"), "w") as f:
    keras3(f, GROUPS, True)
with h5py.File(path("tiny_3_classes.weights.h5"), "w") as f:
    keras3(f, GROUPS, False)
with h5py.File(path("not_weights.h5"), "w") as f:
    f["images"] = np.zeros((2, 2), "f4")

buffer = io.BytesIO()
with h5py.File(buffer, "w") as f:
    keras3(f, GROUPS, False)
config = {
    "class_name": "Functional",
    "config": {
        "layers": [{"class_name": "InputLayer", "config": {"name": "images"}}]
        + [{"class_name": CLASSES[n], "config": {"name": n}} for n in CLASSES]
    },
}
with zipfile.ZipFile(path("tiny.keras"), "w") as z:
    z.writestr("metadata.json", json.dumps({"keras_version": "3.3.3"}))
    z.writestr("config.json", json.dumps(config))
    z.writestr("model.weights.h5", buffer.getvalue())
