-- Least privileges of `make verify` on Amazon Redshift. Run as a superuser of the cluster, in the database of the trial.
-- CREATE on the database lets the user make schemas of its own; it gives no right to any schema that is there already.
create user customer_360_verify password disable;
grant connect on database dev to customer_360_verify;
grant create on database dev to customer_360_verify;
-- COPY reads the lake with the cluster's default role: docs/policies/redshift-lake-role.json
grant assumerole on default to customer_360_verify for copy;
