echo "jobs: 3 tests passed"
