# A mirror that answers at the third time, and does not know `gone`.
asked=$(cat "$1.asked" 2>/dev/null || echo 0)
echo $((asked + 1)) > "$1.asked"
if test "$1" = gone; then echo "404: no such package"; exit 4; fi
if test "$asked" -lt 2; then echo "connection refused"; exit 7; fi
echo "got $1"
