create schema if not exists redshift;
