@echo off
rem The command line: deepcovid help. A name that begins with a capital letter runs an example main.
rem Builds the project on first use. JAVA_OPTS is passed on to the JVM.
setlocal DisableDelayedExpansion
set "root=%~dp0"
set "launcher=%root%deepcovid-cli\target\distribution\deepcovid\bin\deepcovid.cmd"
if exist "%launcher%" goto built
echo deepcovid: building (first use; fetches what it needs from Maven Central) 1>&2
pushd "%root%"
call mvnw.cmd -B -ntp -q package -DskipTests -Dmaven.javadoc.skip=true 1>&2
if not "%errorlevel%"=="0" goto unbuilt
popd
:built
set "DEEPCOVID_EXAMPLES=%root%deepcovid-examples\target\classes"
"%launcher%" %*

:unbuilt
popd
echo deepcovid: the build failed, see above 1>&2
exit /b 3
