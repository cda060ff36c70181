#!/usr/bin/env bash
# Installs what the tests need and runs them all. The last line says how many passed.
#
#   ./test.sh                 everything
#   ./test.sh -class '*Refresh*'   only some: arguments go to the test runner (xUnit.net v3: -class, -method, -trait …)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

eng/install-test-tools

echo "Building…"
dotnet build Avouch.slnx -c Release -v quiet -nologo

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
failed=0
for project in Avouch.Protocol.Tests Avouch.Server.Tests; do
    echo "Running $project…"
    dotnet "test/$project/bin/Release/net10.0/$project.dll" -noLogo -noColor -xml "$results/$project.xml" "$@" || failed=1
done

eng/count-tests "$results"/*.xml
exit $failed
