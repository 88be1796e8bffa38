-- Least privileges of `make verify` on an Azure Synapse dedicated SQL pool. Run in the pool as its administrator.
-- Schemas that the user makes are its own; it gets no right to any schema that is there already.
create user customer_360_verify from external provider;
grant connect to customer_360_verify;
grant create schema to customer_360_verify;
grant create table to customer_360_verify;
grant create view to customer_360_verify;
-- COPY INTO; the pool's managed identity needs Storage Blob Data Reader on the lake: docs/policies/synapse-lake-role.json
grant administer database bulk operations to customer_360_verify;
grant view database state to customer_360_verify;
