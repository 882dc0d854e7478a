#!/bin/sh
# Runs deepcovid.cmd and mvnw.cmd under Wine's cmd, with a stub for java.exe, mvn and powershell.exe that
# prints its arguments and its folder. Needs (Debian) wine, wine64 and gcc-mingw-w64-x86-64.
# What Wine's cmd does in its own way is left out: its `call` turns every failure into 1, so exit codes are
# looked at where nothing calls the batch file; and it expands % in arguments a second time.
set -eu

root=$(cd "$(dirname "$0")/../../../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export WINEPREFIX="$work/wine" WINEDEBUG=-all
unset JAVA_HOME JAVA_OPTS WINEPATH STUB_CODE STUB_LAUNCH_CODE STUB_MVN_CODE MVNW_REPOURL MVNW_PINNED MAVEN_USER_HOME
project="$work/my (own) p & q"
dist="$project/deepcovid-cli/target/distribution/deepcovid"
failures=0

win() { printf 'Z:%s' "$1" | tr / '\\'; }

mkdir -p "$dist/bin" "$project/.mvn/wrapper" "$work/jdk 17/bin" "$work/bin" "$work/mvn new" "$work/mvn old" "$work/else where"
x86_64-w64-mingw32-gcc -O1 -o "$work/jdk 17/bin/java.exe" "$root/deepcovid-cli/src/test/windows/stub.c"
cp "$work/jdk 17/bin/java.exe" "$work/bin/java.exe"
cp "$work/jdk 17/bin/java.exe" "$work/bin/powershell.exe"
cp "$work/jdk 17/bin/java.exe" "$work/mvn-stub.exe"
cp "$root/deepcovid.cmd" "$root/mvnw.cmd" "$project"
cp "$root/deepcovid-cli/src/main/launcher/deepcovid.cmd" "$dist/bin"
cp "$root/.mvn/wrapper/maven-wrapper.properties" "$project/.mvn/wrapper"
for age in old:3.6.3 new:3.9.9; do
  printf '@echo off\r\nif "%%~2"=="-v" (echo Apache Maven %s ^(abc^)& exit /b 0)\r\n"%s" %%*\r\nexit /b %%errorlevel%%\r\n' \
    "${age#*:}" "$(win "$work/mvn-stub.exe")" >"$work/mvn ${age%:*}/mvn.cmd"
done
wine wineboot -i >/dev/null 2>&1

# check NAME CODE BATCH WORDS ENVIRONMENT... : runs a batch file from another folder, keeps what it printed
check() {
  name=$1 wanted=$2
  printf '@echo off\r\ncd /d "%s"\r\n"%s" %s\r\n' "$(win "$work/else where")" "$(win "$project/$3")" "$4" >"$work/driver.cmd"
  shift 4
  code=0
  env "$@" wine cmd /c "$(win "$work/driver.cmd")" >"$work/printed" 2>&1 || code=$?
  tr -d '\r' <"$work/printed" >"$work/out"
  [ "$code" = "$wanted" ] || fail "ended with $code, expected $wanted"
  echo "$name: exit code $code"
}

fail() {
  failures=$((failures + 1))
  printf "FAILED %s: %s\n" "$name" "$*"
  sed 's/^/    /' "$work/out"
}

prints() { grep -qF -- "$1" "$work/out" || fail "does not print: $1"; }
lacks() { ! grep -qF -- "$1" "$work/out" || fail "prints: $1"; }

jdk="JAVA_HOME=$(win "$work/jdk 17")"
path="WINEPATH=$(win "$work/bin")"
java="ran [$(win "$work/jdk 17/bin/java.exe")] in [$(win "$work/else where")]"
flags="[-XX:+IgnoreUnrecognizedVMOptions] [--enable-native-access=ALL-UNNAMED] [--sun-misc-unsafe-memory-access=allow]"
main="[-cp] [$(win "$dist/bin/")..\\lib\\*;$(win "$project/deepcovid-examples/target/classes")] [org.deepcovid.cli.DeepCovid]"

check "arguments" 0 deepcovid.cmd 'predict "a b.png" wow! "--opt=q & w" "say ""so""" (x) *.jpg' "$jdk"
prints "$java $flags $main [predict] [a b.png] [wow!] [--opt=q & w] [say \"so\"] [(x)] "

for code in 1 2 3 130; do
  check "exit code $code" $code deepcovid.cmd 'audit x' "$jdk" STUB_CODE=$code
done
check "java from the PATH" 5 deepcovid.cmd 'info' "$path" STUB_CODE=5
prints "ran [$(win "$work/bin/java.exe")] in [$(win "$work/else where")] $flags $main [info]"
check "no java" 3 deepcovid.cmd 'info' A=b
prints "there is no java on the PATH"
check "JAVA_HOME without java" 3 deepcovid.cmd 'info' "JAVA_HOME=$(win "$work/else where")" "$path"
prints "and there is no bin\\java.exe in it"
check "JAVA_OPTS" 0 deepcovid.cmd 'info' "$jdk" 'JAVA_OPTS=-Xmx2g "-Da=b c"'
prints "$java $flags [-Xmx2g] [-Da=b c] $main [info]"

mv "$dist/bin/deepcovid.cmd" "$work/kept.cmd"
new="WINEPATH=$(win "$work/mvn new");$(win "$work/bin")"
old="WINEPATH=$(win "$work/mvn old");$(win "$work/bin")"
printf '@echo off\r\nif "%%~2"=="-v" (echo Apache Maven 3.9.9 ^(abc^)& exit /b 0)\r\nif "%%STUB_MVN_CODE%%"=="" copy "%s" "%s" >nul\r\n"%s" %%*\r\nexit /b %%errorlevel%%\r\n' \
  "$(win "$work/kept.cmd")" "$(win "$dist/bin/deepcovid.cmd")" "$(win "$work/mvn-stub.exe")" >"$work/mvn new/mvn.cmd"
check "first use" 0 deepcovid.cmd 'info' "$jdk" "$new"
prints "building (first use"
prints "ran [$(win "$work/mvn-stub.exe")] in [$(win "$project")] [-B] [-ntp] [-q] [package] [-DskipTests] [-Dmaven.javadoc.skip=true]"
prints "$java $flags $main [info]"
rm "$dist/bin/deepcovid.cmd"
check "first use, failing" 3 deepcovid.cmd 'info' "$jdk" "$new" STUB_MVN_CODE=1
prints "the build failed"
lacks "DeepCovid]"

check "an installed Maven" 0 mvnw.cmd 'verify "-Da=b c" (x)' "$new"
prints "[verify] [-Da=b c] [(x)]"
lacks "powershell"
# by cmd, a batch file's failure reaches its caller; Wine's says 1 for each
check "a failing Maven" 1 mvnw.cmd 'verify' "$new" STUB_MVN_CODE=1
check "an old Maven, nothing fetched" 1 mvnw.cmd 'verify' "$old" STUB_CODE=1
prints "ran [$(win "$work/bin/powershell.exe")]"
prints "[\$ErrorActionPreference='Stop'; "
prints "cannot fetch https://archive.apache.org/"
check "a mirror" 1 mvnw.cmd 'verify' "$path" STUB_CODE=1 MVNW_REPOURL=https://mirror.example/maven2/
prints "cannot fetch https://mirror.example/maven2/org/apache/maven/apache-maven/"
check "the pinned Maven though one is installed" 1 mvnw.cmd 'verify' "$new" STUB_CODE=1 MVNW_PINNED=true
prints "ran [$(win "$work/bin/powershell.exe")]"
version=$(sed -n 's/^distributionVersion=//p' "$root/.mvn/wrapper/maven-wrapper.properties")
mkdir -p "$work/maven/wrapper/dists/apache-maven-$version/bin"
cp "$work/mvn old/mvn.cmd" "$work/maven/wrapper/dists/apache-maven-$version/bin/mvn.cmd"
check "a Maven fetched before" 0 mvnw.cmd 'verify' "$new" "MAVEN_USER_HOME=$(win "$work/maven")"
prints "[verify]"
lacks "powershell"

[ $failures = 0 ] || exit 1
echo "all as expected"
