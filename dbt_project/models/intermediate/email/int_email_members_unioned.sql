-- Who gets mail, of every platform.

with

unioned as (
    {{ union_of('email_member_list') }}
)

select * from unioned
