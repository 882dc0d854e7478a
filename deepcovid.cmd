@echo off
rem The command line: deepcovid help. A name that begins with a capital letter runs an example main.
rem Builds the project on first use. JAVA_OPTS is passed on to the JVM.
setlocal DisableDelayedExpansion
set "root=%~dp0"
set "target=%root%deepcovid-examples\target"

set "java=java"
if not defined JAVA_HOME goto onpath
set "java=%JAVA_HOME%\bin\java"
if exist "%java%.exe" goto found
echo deepcovid: JAVA_HOME is "%JAVA_HOME%", and there is no bin\java.exe in it; let it name a JDK 17 or newer 1>&2
exit /b 3
:onpath
for %%J in (java.exe) do if not "%%~$PATH:J"=="" goto found
echo deepcovid: there is no java on the PATH; install a JDK 17 or newer, or let JAVA_HOME name its folder 1>&2
exit /b 3

:found
if exist "%target%\runtime-classpath.txt" goto built
echo deepcovid: building (first use; fetches what it needs from Maven Central) 1>&2
pushd "%root%"
call mvnw.cmd -B -ntp -q package -DskipTests -Dmaven.javadoc.skip=true 1>&2
if not "%errorlevel%"=="0" goto unbuilt
popd
:built
"%java%" -cp "%root%deepcovid-cli\target\classes" org.deepcovid.cli.LaunchFile "%root%."
if not "%errorlevel%"=="0" exit /b 3
"%java%" %JAVA_OPTS% "@%target%\launch.args" org.deepcovid.cli.DeepCovid %*
exit /b %errorlevel%

:unbuilt
popd
echo deepcovid: the build failed, see above 1>&2
exit /b 3
