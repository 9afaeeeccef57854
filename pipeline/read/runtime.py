"""Running a neural network file: OpenVINO where it is installed, else ONNX Runtime. One thread each.

Belongs here: loading and calling. Does not belong here: what goes in or comes out means (paddle.py). Without pinning
two processes do not end up on one core; 32-bit floats give the same words on every processor.
"""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pipeline.errors import MissingEngine

Tensor: TypeAlias = npt.NDArray[np.float32]
Network: TypeAlias = Callable[[Tensor], Tensor]


def loaded(path: Path, keep: list[int] | None = None) -> tuple[Network, str]:
    """The network at `path`, and the name and version of what runs it. `keep` names the classes of the last layer
    that can be answered (None: all); the network's answers have as many columns. MissingEngine without a runtime."""
    for build in (_openvino, _onnxruntime):
        try:
            return build(path, keep)
        except ImportError:
            continue
    raise MissingEngine("Neither openvino nor onnxruntime is installed: pip install onnxruntime.")


def _openvino(path: Path, keep: list[int] | None) -> tuple[Network, str]:
    openvino = importlib.import_module("openvino")
    core = openvino.Core()
    model = core.read_model(path)
    pruned = keep is not None and _prune(openvino, model, keep)
    options = {
        "INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1, "PERFORMANCE_HINT": "LATENCY",
        "ENABLE_CPU_PINNING": False, "INFERENCE_PRECISION_HINT": "f32",
    }  # fmt: skip
    request = core.compile_model(model, "CPU", options).create_infer_request()

    def call(tensor: Tensor) -> Tensor:
        out = np.array(request.infer({0: tensor})[0], dtype=np.float32)
        return out if keep is None or pruned else out[..., keep]

    return call, f"openvino {openvino.__version__.split('-')[0]}"


def _prune(openvino: Any, model: Any, keep: list[int]) -> bool:
    """Cuts the last layer (product, sum, softmax) down to the classes wanted; False when it does not look like that."""
    ops = importlib.import_module("openvino.opset13")
    soft = model.get_results()[0].input_value(0).get_node()
    total = _above(soft, "Softmax")
    product = _above(total, "Add") if total is not None else None
    if total is None or product is None or _above(product, "MatMul") is None:
        return False
    weights, bias = product.input_value(1).get_node(), total.input_value(1).get_node()
    if weights.get_type_name() != "Constant" or bias.get_type_name() != "Constant":
        return False
    w, b = (np.ascontiguousarray(node.get_data()[..., keep]) for node in (weights, bias))
    few = ops.matmul(product.input_value(0), ops.constant(w), False, False)
    soft.input(0).replace_source_output(ops.add(few, ops.constant(b)).output(0))
    model.validate_nodes_and_infer_types()
    return True


def _above(node: Any, kind: str) -> Any | None:
    """What feeds a node of this kind, steps that change nothing skipped; None when the node is of another kind."""
    if node.get_type_name() != kind:
        return None
    above = node.input_value(0).get_node()
    while above.get_type_name() == "Identity":
        above = above.input_value(0).get_node()
    return above


def _onnxruntime(path: Path, keep: list[int] | None) -> tuple[Network, str]:
    runtime = importlib.import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name

    def call(tensor: Tensor) -> Tensor:
        out = np.asarray(session.run(None, {name: tensor})[0], dtype=np.float32)
        return out if keep is None else out[..., keep]

    return call, f"onnxruntime {runtime.__version__}"
