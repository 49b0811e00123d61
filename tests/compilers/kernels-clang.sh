#!/bin/sh
# Value survival in every kernel of pip, as clang compiles it.
exec tests/compilers/kernels.sh clang
