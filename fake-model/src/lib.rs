//! A scripted language model for tests: an HTTP server that speaks the chat-completions protocol.
