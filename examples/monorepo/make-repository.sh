# Three packages, of which two have changed since the last green build.
set -e
git init -q -b main .
git add . && git commit -q -m 'chore: begin' && git tag last-green
echo more > packages/api/new.txt && git add . && git commit -q -m 'feat: more of the api'
echo more > packages/web/new.txt && git add . && git commit -q -m 'feat: more of the web'
