select e.id, s.n from {{ ref('ephemeral_people') }} as e cross join {{ ref('people_summary') }} as s
