create table published.entry (
  number text primary key,
  collection text not null,
  section text not null,
  name text not null,
  provider text not null,
  seat text not null,
  member_states text[] not null,
  annex_iii_point text not null,
  area text not null,
  status text not null,
  filing_status text not null,
  language text not null,
  accuracy_questioned boolean not null,
  withdrawn boolean not null,
  valid_from date not null,
  recorded_at timestamptz not null,
  first_recorded_at timestamptz not null,
  n integer not null,
  provider_entry text,
  words text[] not null,
  body bytea not null,
  etag text not null,
  tsv tsvector not null
);
create index entry_tsv on published.entry using gin (tsv);
create index entry_newest on published.entry (collection, first_recorded_at desc, number desc);
create index entry_changed on published.entry (collection, recorded_at desc, number desc);
create index entry_name on published.entry (collection, lower(name), number);
create index entry_states on published.entry using gin (member_states);
create index entry_facets on published.entry (collection, section, area, status, seat, withdrawn);
create index entry_uses on published.entry (provider_entry) where provider_entry is not null;

create table published.version (
  number text not null,
  n integer not null,
  collection text not null,
  section text not null,
  name text not null,
  provider text not null,
  seat text not null,
  member_states text[] not null,
  annex_iii_point text not null,
  area text not null,
  status text not null,
  filing_status text not null,
  language text not null,
  withdrawn boolean not null,
  in_error_since timestamptz,
  valid_from date not null,
  recorded_at timestamptz not null,
  body bytea not null,
  etag text not null,
  tsv tsvector not null,
  primary key (number, n)
);
create index version_by_day on published.version (collection, valid_from, number, n);

create table published.document (
  digest text not null,
  number text not null,
  n integer not null,
  pointer text not null,
  filename text not null,
  media_type text not null,
  size bigint not null,
  primary key (number, n, pointer)
);
create index document_digest on published.document (digest);

create table published.word (
  collection text not null,
  language text not null,
  word text not null,
  frequency integer not null,
  primary key (collection, language, word)
);
create index word_similar on published.word using gin (word public.gin_trgm_ops);
