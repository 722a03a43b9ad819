echo "web: 7 tests passed"
