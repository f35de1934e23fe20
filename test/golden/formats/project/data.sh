set -eu
echo "note: ${FROZEN_NOTE:-none}"
printf 'b 2\nc 3\n' > kept.txt
mkdir parts
printf 'one\n' > parts/one.txt
printf 'two\n' > parts/two.txt
