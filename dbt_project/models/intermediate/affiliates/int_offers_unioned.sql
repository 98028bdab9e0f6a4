-- What partners are paid for, of every platform that has any.

{{ with_status('offer_list') }}
