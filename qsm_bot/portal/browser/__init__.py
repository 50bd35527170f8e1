"""The browser: finding one, starting it, its dialogs and traffic, its errors made ours."""
