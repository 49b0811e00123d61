#!/bin/sh
# Value survival in every kernel of pip, as gcc compiles it.
exec tests/compilers/kernels.sh gcc
