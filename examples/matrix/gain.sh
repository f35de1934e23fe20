set -eu
# The paths of two inputs, then the error in each: what is quickly said in shell needs no JSON reader.
input() { sed -n 's/^ *"'"$1"'": "\(.*\)",\{0,1\}$/\1/p' "$REPRO_STAGE"; }
error() { sed 's/.*"error":\([0-9.e-]*\).*/\1/' "$(input "$1")"; }
gain=$(awk -v plain="$(error plain)" -v stratified="$(error stratified)" 'BEGIN { printf "%.6g", plain / stratified }')
printf '{ "gain": { "value": %s, "unit": "1", "kind": "estimate", "better": "higher" } }\n' "$gain" > numbers.json
