#!/usr/bin/env bash
# Renders every file of the inbox again from these sources.
#
#   bash render.sh SCANLAB [PYTHON]
#
# SCANLAB is the folder of a scan lab (render.py, set up with its setup.sh), PYTHON the interpreter of its virtual
# environment (default: $PYTHON, else python3). Which source becomes which file, in what condition, stands in render.csv.
set -euo pipefail
if [ $# -lt 1 ]; then sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 2; fi
here=$(cd "$(dirname "$0")" && pwd)
rig=$(cd "$1" && pwd)
python=${2:-${PYTHON:-python3}}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

tail -n +2 "$here/render.csv" | while IFS=, read -r source condition seed file then; do
  [ -n "$source" ] && echo "$condition $seed $source"
done | sort -u >"$out/wanted"

cut -d' ' -f1,2 "$out/wanted" | sort -u | while read -r condition seed; do
  names=$(awk -v c="$condition" -v s="$seed" '$1 == c && $2 == s { print $3 }' "$out/wanted" | paste -sd,)
  "$python" "$rig/render.py" "$here" "$out/$seed" --seed "$seed" --conditions "$condition" --only "$names" </dev/null
done

"$python" "$here/place.py" "$out"
