# A repository with a release, and on main a feature and the fix since.
set -e
git init -q -b main .
git add opsflow.config.yaml pipelines make-repository.sh
git commit -q -m 'chore: begin'
git tag v1.2.0
echo new > feature.txt && git add feature.txt && git commit -q -m 'feat: not for the patch'
echo mended > bug.txt && git add bug.txt && git commit -q -m 'fix: the crash at start'
git tag the-fix
