-- Blanks at the end of CHAR and VARCHAR have no meaning when values are compared: neither in =, <, IN and joins, nor in
-- GROUP BY, DISTINCT, UNION, PARTITION BY and ORDER BY. PostgreSQL has such a comparison for CHAR; here its operators for
-- text use it too, so that every place that tells values apart does it the same way. LIKE and LENGTH still see the blanks.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html#r_Character_types-significance-of-trailing-blanks
update pg_catalog.pg_operator set oprcode = case oprname
    when '=' then 'pg_catalog.bpchareq' when '<>' then 'pg_catalog.bpcharne' when '<' then 'pg_catalog.bpcharlt'
    when '<=' then 'pg_catalog.bpcharle' when '>' then 'pg_catalog.bpchargt' else 'pg_catalog.bpcharge' end::pg_catalog.regproc
where oprleft = 'pg_catalog.text'::pg_catalog.regtype and oprright = oprleft and oprname in ('=', '<>', '<', '<=', '>', '>=');

update pg_catalog.pg_amproc p set amproc = case p.amproc::pg_catalog.text
    when 'bttextcmp' then 'pg_catalog.bpcharcmp' when 'bttextsortsupport' then 'pg_catalog.bpchar_sortsupport'
    when 'hashtext' then 'pg_catalog.hashbpchar' else 'pg_catalog.hashbpcharextended' end::pg_catalog.regproc
from pg_catalog.pg_opfamily f
where f.oid = p.amprocfamily and f.opfname = 'text_ops' and p.amproclefttype = 'pg_catalog.text'::pg_catalog.regtype
and p.amprocrighttype = p.amproclefttype
and p.amproc::pg_catalog.text in ('bttextcmp', 'bttextsortsupport', 'hashtext', 'hashtextextended');
