-- The sample company's own database, as such companies have it: no thought given to requests about
-- personal data. Amounts of money are texts, since SQLite would make floating-point numbers of them.

CREATE TABLE plan (
    plan_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    monthly_price TEXT NOT NULL,
    kept_pictures INTEGER NOT NULL
);
CREATE TABLE style_preset (
    style_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    medium TEXT NOT NULL
);
CREATE TABLE staff (
    staff_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL
);

-- An address may stand here twice: the company never asked for more than a password.
CREATE TABLE account (
    account_id INTEGER PRIMARY KEY,
    email TEXT,
    password_hash TEXT NOT NULL,
    plan_id TEXT NOT NULL REFERENCES plan (plan_id),
    country TEXT,
    created_at TEXT NOT NULL,
    email_confirmed_at TEXT,
    support_agent_id INTEGER REFERENCES staff (staff_id),
    internal_note TEXT
);
CREATE INDEX account_email ON account (email);
CREATE INDEX account_plan ON account (plan_id);
CREATE INDEX account_agent ON account (support_agent_id);

CREATE TABLE profile (
    account_id INTEGER PRIMARY KEY REFERENCES account (account_id),
    display_name TEXT NOT NULL,
    birth_year INTEGER,
    language TEXT NOT NULL,
    biography TEXT,
    website TEXT
);
CREATE TABLE consent (
    account_id INTEGER NOT NULL REFERENCES account (account_id),
    purpose TEXT NOT NULL,
    granted BOOLEAN NOT NULL,
    decided_at TEXT NOT NULL,
    PRIMARY KEY (account_id, purpose)
);
CREATE TABLE sign_in (
    sign_in_id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (account_id),
    signed_in_at TEXT NOT NULL,
    succeeded BOOLEAN NOT NULL,
    ip_address TEXT NOT NULL,
    device TEXT NOT NULL,
    user_agent TEXT NOT NULL
);
CREATE INDEX sign_in_account ON sign_in (account_id);

CREATE TABLE prompt (
    prompt_id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (account_id),
    text TEXT NOT NULL,
    negative_text TEXT,
    style_id INTEGER REFERENCES style_preset (style_id),
    written_at TEXT NOT NULL
);
CREATE INDEX prompt_account ON prompt (account_id);
CREATE INDEX prompt_style ON prompt (style_id);

CREATE TABLE generation (
    generation_id INTEGER PRIMARY KEY,
    prompt_id INTEGER NOT NULL REFERENCES prompt (prompt_id),
    model TEXT NOT NULL,
    seed INTEGER NOT NULL,
    guidance REAL NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    settings TEXT NOT NULL,
    image_key TEXT,
    fingerprint BLOB,
    safety_score REAL,
    made_at TEXT NOT NULL
);
CREATE INDEX generation_prompt ON generation (prompt_id);

CREATE TABLE credit_entry (
    entry_id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (account_id),
    change INTEGER NOT NULL,
    reason TEXT NOT NULL,
    booked_at TEXT NOT NULL
);
CREATE INDEX credit_entry_account ON credit_entry (account_id);

CREATE TABLE payment_method (
    payment_method_id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (account_id),
    brand TEXT NOT NULL,
    last4 TEXT NOT NULL,
    expires TEXT NOT NULL,
    provider_token TEXT NOT NULL
);
CREATE INDEX payment_method_account ON payment_method (account_id);

CREATE TABLE invoice (
    invoice_no TEXT PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (account_id),
    issued_on TEXT NOT NULL,
    billing_name TEXT NOT NULL,
    billing_address TEXT NOT NULL,
    currency TEXT NOT NULL,
    total TEXT NOT NULL
);
CREATE INDEX invoice_account ON invoice (account_id);

CREATE TABLE invoice_line (
    invoice_no TEXT NOT NULL REFERENCES invoice (invoice_no),
    line_no INTEGER NOT NULL,
    plan_id TEXT REFERENCES plan (plan_id),
    description TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    unit_price TEXT NOT NULL,
    booked_on TEXT NOT NULL,
    PRIMARY KEY (invoice_no, line_no)
);
CREATE INDEX invoice_line_plan ON invoice_line (plan_id);
