"""The mail servers of the sandbox: scripted SMTP servers that take questions about mailboxes, and never a message."""
