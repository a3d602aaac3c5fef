"""Reads the tensors of an ONNX file, and writes a small ONNX graph.

An ONNX file is one protobuf message. Only a few of its fields matter here, and the onnx package, which knows
them all, is larger than the model that it would read. This module knows nothing of any model. Field numbers are those of
onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from indexer import errors
from indexer import protobuf as pb

#: The types within are known by those who read the file, not here.
Array = npt.NDArray[Any]
Attribute = int | float
#: A dimension's size, or its name where it varies.
Dimension = int | str

_DTYPES: Final[dict[int, np.dtype[np.generic]]] = {
    1: np.dtype("<f4"),
    2: np.dtype("u1"),
    3: np.dtype("i1"),
    6: np.dtype("<i4"),
    7: np.dtype("<i8"),
    9: np.dtype("?"),
}
_TYPE_NUMBERS: Final = {dtype: number for number, dtype in _DTYPES.items()}
_FLOAT: Final = 1

#: The operator sets that graphs are written in: ONNX's own, and onnxruntime's fused operators.
_IR_VERSION: Final = 8
_OPERATORS: Final = (("", 17), ("com.microsoft", 1))


@dataclass(slots=True)
class Graph:
    """A graph as it is built up: one float input and one float output, and operators in the order they run.

    A value is named by a string; '' stands for an optional input that is left out. The constants are not
    written into the model: a session takes them from `constants`, so that they need be in memory only once.
    """

    name: str
    constants: dict[str, Array] = field(default_factory=dict)
    _operators: list[bytes] = field(default_factory=list)

    def tensor(self, value: Array) -> str:
        """A constant."""
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return name

    def apply(self, operator: str, inputs: Sequence[str], domain: str = "", **attributes: Attribute) -> str:
        """The first output of an operator."""
        return self.apply_n(operator, inputs, 1, domain, **attributes)[0]

    def apply_n(
        self, operator: str, inputs: Sequence[str], n_outputs: int, domain: str = "", **attributes: Attribute
    ) -> list[str]:
        """All outputs of an operator that has several."""
        outputs = [f"v{len(self._operators)}_{number}" for number in range(n_outputs)]
        parts = [_text(1, name) for name in inputs] + [_text(2, name) for name in outputs]
        parts += [_text(4, operator), _text(7, domain)]
        parts += [_attribute(name, value) for name, value in attributes.items()]
        self._operators.append(b"".join(parts))
        return outputs

    def model(self, given: Mapping[str, Sequence[Dimension]], wanted: Mapping[str, Sequence[Dimension]]) -> bytes:
        """The whole model, for an onnxruntime session; `given` and `wanted` name its float32 inputs and
        outputs."""
        graph = [pb.data(1, operator) for operator in self._operators]
        graph.append(_text(2, self.name))
        graph += [pb.data(5, _constant(name, value)) for name, value in self.constants.items()]
        graph += [pb.data(11, _value(name, shape)) for name, shape in given.items()]
        graph += [pb.data(12, _value(name, shape)) for name, shape in wanted.items()]
        sets = (pb.data(8, _text(1, domain) + pb.number(2, version)) for domain, version in _OPERATORS)
        return b"".join((pb.number(1, _IR_VERSION), pb.data(7, b"".join(graph)), *sets))


def read_tensors(model: memoryview) -> dict[str, Array]:
    """The constants of a model by name: views of `model`, in its order, nothing copied.

    Raises ValueError for bytes that are no such model.
    """
    try:
        graph = next(value for number, value in pb.fields(model) if number == 7)
        return dict(_read_tensor(value) for number, value in pb.fields(_as_bytes(graph)) if number == 5)
    except (errors.InvalidRequest, KeyError, StopIteration, TypeError) as exc:
        raise ValueError("not an ONNX model") from exc


def _read_tensor(tensor: memoryview | int) -> tuple[str, Array]:
    dims: list[int] = []
    dtype, name, data = 0, "", memoryview(b"")
    for number, value in pb.fields(_as_bytes(tensor)):
        match number, value:
            case 1, int(size):
                dims.append(size)
            case 1, memoryview():
                dims.extend(pb.unpacked(value))
            case 2, int(dtype):
                pass
            case 8, memoryview():
                name = str(value, "utf-8")
            case 9, memoryview():
                data = value
    return name, np.frombuffer(data, _DTYPES[dtype]).reshape(dims)


def _as_bytes(value: memoryview | int) -> memoryview:
    if isinstance(value, int):
        raise TypeError("a message is expected")
    return value


def _constant(name: str, value: Array) -> bytes:
    """Says what the constant is, and that its data lie elsewhere; the place that the format asks for is never
    looked at."""
    dims = b"".join(pb.number(1, size) for size in value.shape)
    place = pb.data(13, _text(1, "location") + _text(2, "memory"))
    return dims + pb.number(2, _TYPE_NUMBERS[value.dtype]) + _text(8, name) + place + pb.number(14, 1)


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, float):
        number = pb.float32(2, value) + pb.number(20, 1)
    else:
        number = pb.number(3, value) + pb.number(20, 2)
    return pb.data(5, _text(1, name) + number)


def _value(name: str, shape: Sequence[Dimension]) -> bytes:
    sizes = (_text(2, size) if isinstance(size, str) else pb.number(1, size) for size in shape)
    dims = b"".join(pb.data(1, size) for size in sizes)
    return _text(1, name) + pb.data(2, pb.data(1, pb.number(1, _FLOAT) + pb.data(2, dims)))


def _text(number: int, value: str) -> bytes:
    # An empty one is written too: an input that is left out still has its place.
    return pb.data(number, value.encode())
