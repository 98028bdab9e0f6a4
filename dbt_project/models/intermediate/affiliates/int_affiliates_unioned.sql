-- Partners, of every platform that has any.

{{ with_status('affiliate_list') }}
