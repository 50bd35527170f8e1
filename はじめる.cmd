@echo off
rem Double-click: opens the board. The first time it sets the program up; see docs/tutorial/board.md.
setlocal
cd /d "%~dp0"
chcp 65001 >nul
title qsm-bot
where uv >nul 2>nul
if not errorlevel 1 goto open
echo 準備しています（1/2）: 実行環境を入れます。数分かかることがあります。
py -3 -m pip install --user --quiet uv 2>nul
py -3 -m uv --version >nul 2>nul
if not errorlevel 1 goto open_by_python
winget install --exact --id astral-sh.uv --accept-source-agreements --accept-package-agreements
where uv >nul 2>nul
if not errorlevel 1 goto open
echo 準備できませんでした。docs\how-to\install.ja.md の手順をご覧ください。
echo uv could not be installed; see docs\how-to\install.md
pause
exit /b 1
:open
echo 窓口を開きます。この黒い画面は、使い終わるまで閉じないでください。
set "PYTHONUTF8=1"
uv run --no-dev qsm-bot board %*
goto ended
:open_by_python
echo 窓口を開きます。この黒い画面は、使い終わるまで閉じないでください。
set "PYTHONUTF8=1"
py -3 -m uv run --no-dev qsm-bot board %*
:ended
if errorlevel 1 pause
