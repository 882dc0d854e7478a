@echo off
rem The command line: deepcovid help. A name that begins with a capital letter runs an example main.
rem Builds the project on first use. JAVA_OPTS is passed on to the JVM.
setlocal
set "root=%~dp0"
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"
set "target=%root%deepcovid-examples\target"

if exist "%target%\runtime-classpath.txt" goto built
echo deepcovid: building (first use; fetches what it needs from Maven Central) 1>&2
pushd "%root%"
call mvnw.cmd -B -ntp -q package -DskipTests -Dmaven.javadoc.skip=true 1>&2
if errorlevel 1 (popd & exit /b 3)
popd
:built
"%java%" -cp "%target%\classes" org.deepcovid.examples.cli.LaunchFile "%root%."
if errorlevel 1 exit /b 3
"%java%" %JAVA_OPTS% "@%target%\launch.args" org.deepcovid.examples.cli.DeepCovid %*
exit /b %errorlevel%
