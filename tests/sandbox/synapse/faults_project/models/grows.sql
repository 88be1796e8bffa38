{{ config(materialized='incremental', incremental_strategy='append') }}
select cast('{{ "x" * var("width", 3) }}' as varchar({{ var("width", 3) }})) as text
