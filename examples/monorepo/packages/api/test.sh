echo "api: 12 tests passed"
