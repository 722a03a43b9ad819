# Two old files and a new one.
set -e
mkdir -p tmp
touch -t 202001010000 tmp/old-1 tmp/old-2
touch tmp/new
