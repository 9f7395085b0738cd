#!/usr/bin/env python3
"""Writes an ONNX model of one Identity node over a (1, 8) input, with the files that ort_bench.js expects: what a call through the
Node binding of ONNX Runtime costs when the graph does nothing.   usage: floor.py FOLDER
The model is a protobuf message written by hand (fields of onnx.proto), so no package is needed."""
import json, os, struct, sys


def varint(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def number(field, n): return varint(field << 3) + varint(n)


def block(field, data):
    data = data.encode() if isinstance(data, str) else data
    return varint(field << 3 | 2) + varint(len(data)) + data


def value_info(name, dims):
    shape = b"".join(block(1, number(1, d)) for d in dims)          # TensorShapeProto.dim.dim_value
    tensor = number(1, 1) + block(2, shape)                          # TypeProto.Tensor: elem_type FLOAT, shape
    return block(1, name) + block(2, block(1, tensor))               # ValueInfoProto: name, type.tensor_type


folder, dims = sys.argv[1], [1, 8]
os.makedirs(folder, exist_ok=True)
node = block(1, "x0") + block(2, "y") + block(4, "Identity")         # NodeProto: input, output, op_type
graph = block(1, node) + block(2, "floor") + block(11, value_info("x0", dims)) + block(12, value_info("y", dims))
model = number(1, 8) + block(7, graph) + block(8, block(1, "") + number(2, 14))   # ModelProto: ir_version, graph, opset_import
open(f"{folder}/floor.onnx", "wb").write(model)
data = struct.pack("<8f", *range(8))
open(f"{folder}/floor.x0.bin", "wb").write(data)
open(f"{folder}/floor.y.bin", "wb").write(data)
entry = {"model": "FLOOR", "batch": 1, "file": "floor", "inputs": [{"name": "x0", "type": "float32", "dims": dims}], "out": dims}
json.dump([entry], open(f"{folder}/manifest.json", "w"))
