@echo off
rem Runs Maven for this project. The distribution pinned in .mvn\wrapper\maven-wrapper.properties is used if it
rem was fetched before, or else an installed mvn that is recent enough; without one the pinned distribution is
rem fetched and verified. MVNW_REPOURL names a Maven repository to fetch from instead of the pinned address;
rem MVNW_PINNED=true ignores an installed mvn.
setlocal DisableDelayedExpansion
set "ROOT=%~dp0"
for /f "usebackq eol=# tokens=1,* delims==" %%A in ("%ROOT%.mvn\wrapper\maven-wrapper.properties") do set "MVNW_%%A=%%B"
set "HOME_DIR=%USERPROFILE%\.m2\wrapper\dists\apache-maven-%MVNW_distributionVersion%"
if defined MAVEN_USER_HOME set "HOME_DIR=%MAVEN_USER_HOME%\wrapper\dists\apache-maven-%MVNW_distributionVersion%"
if exist "%HOME_DIR%\bin\mvn.cmd" goto pinned
if /i "%MVNW_PINNED%"=="true" goto fetch

set "MVN="
for %%M in (mvn.cmd mvn.bat mvn.exe) do if not defined MVN set "MVN=%%~$PATH:M"
if not defined MVN goto fetch
set "INSTALLED="
for /f "tokens=1-3" %%A in ('call "%MVN%" -B -v 2^>nul') do if "%%A %%B"=="Apache Maven" set "INSTALLED=%%C"
if not defined INSTALLED goto fetch
call :number %INSTALLED% INSTALLED
call :number %MVNW_minimumVersion% MINIMUM
if %INSTALLED% LSS %MINIMUM% goto fetch
call "%MVN%" %*
exit /b %errorlevel%

:fetch
set "URL=%MVNW_distributionUrl%"
if not defined MVNW_REPOURL goto download
if "%MVNW_REPOURL:~-1%"=="/" set "MVNW_REPOURL=%MVNW_REPOURL:~0,-1%"
set "URL=%MVNW_REPOURL%/org/apache/maven/apache-maven/%MVNW_distributionVersion%/apache-maven-%MVNW_distributionVersion%-bin.tar.gz"
:download
echo mvnw: fetching Apache Maven %MVNW_distributionVersion% from %URL% 1>&2
powershell -NoProfile -Command "$ErrorActionPreference='Stop'; $ProgressPreference='SilentlyContinue'; $t=New-TemporaryFile; Invoke-WebRequest -UseBasicParsing -Uri $env:URL -OutFile $t; if ((Get-FileHash $t -Algorithm SHA512).Hash.ToLower() -ne $env:MVNW_distributionSha512Sum) { throw 'SHA-512 of the fetched Maven differs from the pinned one' }; New-Item -ItemType Directory -Force (Split-Path $env:HOME_DIR) | Out-Null; tar -xzf $t -C (Split-Path $env:HOME_DIR); if ($LASTEXITCODE) { throw 'tar could not unpack the fetched Maven' }; Remove-Item $t"
if not "%errorlevel%"=="0" goto unfetched
:pinned
call "%HOME_DIR%\bin\mvn.cmd" %*
exit /b %errorlevel%

:unfetched
echo mvnw: cannot fetch %URL%; set MVNW_REPOURL to a Maven repository within reach 1>&2
exit /b 1

rem A version such as 3.9.11 as a number that can be compared, into the named variable.
:number
for /f "tokens=1-3 delims=.-" %%A in ("%1.0.0") do set /a "%2=%%A*1000000+%%B*1000+%%C"
exit /b 0
