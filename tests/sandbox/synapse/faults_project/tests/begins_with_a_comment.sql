-- a comment before WITH
with found as (select text from {{ ref('grows') }} where text is null)
select * from found
