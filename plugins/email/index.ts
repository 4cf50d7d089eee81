// The public face of email: it binds a channel of outreach, and has nothing more to ask of it.
export {};
