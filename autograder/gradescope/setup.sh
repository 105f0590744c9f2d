#!/usr/bin/env bash
# Builds the image: unpacks what came along, and grades two submissions of its own, so that a broken image fails here.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=${AUTOGRADER_PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2> /dev/null || {
  echo "Python 3.10 or newer is needed here, and $python is not. Choose a base image such as Ubuntu 22.04."
  exit 1
}
exec "$python" -I -B "$here/install.py"
