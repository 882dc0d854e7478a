@echo off
rem Runs Maven for this project. An installed mvn is used; without one the distribution pinned in
rem .mvn\wrapper\maven-wrapper.properties is fetched and verified. MVNW_REPOURL names a Maven repository
rem to fetch from instead of the pinned address.
setlocal
set "ROOT=%~dp0"
where mvn >nul 2>nul
if %ERRORLEVEL%==0 (
  call mvn %*
  exit /b %ERRORLEVEL%
)
for /f "usebackq tokens=1,* delims==" %%A in ("%ROOT%.mvn\wrapper\maven-wrapper.properties") do set "MVNW_%%A=%%B"
set "HOME_DIR=%USERPROFILE%\.m2\wrapper\dists\apache-maven-%MVNW_distributionVersion%"
if exist "%HOME_DIR%\bin\mvn.cmd" goto run
set "URL=%MVNW_distributionUrl%"
if defined MVNW_REPOURL set "URL=%MVNW_REPOURL%/org/apache/maven/apache-maven/%MVNW_distributionVersion%/apache-maven-%MVNW_distributionVersion%-bin.tar.gz"
powershell -NoProfile -Command "$ErrorActionPreference='Stop'; $t=New-TemporaryFile; Invoke-WebRequest -UseBasicParsing -Uri $env:URL -OutFile $t; if ((Get-FileHash $t -Algorithm SHA512).Hash.ToLower() -ne $env:MVNW_distributionSha512Sum) { throw 'SHA-512 of the fetched Maven differs from the pinned one' }; New-Item -ItemType Directory -Force (Split-Path $env:HOME_DIR) | Out-Null; tar -xzf $t -C (Split-Path $env:HOME_DIR); Remove-Item $t" || exit /b 1
:run
call "%HOME_DIR%\bin\mvn.cmd" %*
exit /b %ERRORLEVEL%
