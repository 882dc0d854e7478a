@echo off
rem The command line: bin\deepcovid help. JAVA_OPTS is passed on to the JVM; needs a JDK or JRE, 17 or newer.
setlocal DisableDelayedExpansion
set "lib=%~dp0..\lib"

set "java=java"
if not defined JAVA_HOME goto onpath
set "java=%JAVA_HOME%\bin\java"
if exist "%java%.exe" goto found
echo deepcovid: JAVA_HOME is "%JAVA_HOME%", and there is no bin\java.exe in it; set it to the folder of a JDK 17 or newer 1>&2
exit /b 3
:onpath
for %%J in (java.exe) do if not "%%~$PATH:J"=="" goto found
echo deepcovid: there is no java on the PATH; install a JDK 17 or newer, or set JAVA_HOME to its folder 1>&2
exit /b 3

:found
rem Newer JDKs warn about native libraries and about Unsafe; older ones ignore what they do not know.
"%java%" -XX:+IgnoreUnrecognizedVMOptions --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow %JAVA_OPTS% -cp "%lib%\*;%DEEPCOVID_EXAMPLES%" org.deepcovid.cli.DeepCovid %*
exit /b %errorlevel%
