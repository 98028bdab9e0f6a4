"""The receiver of webhooks: what senders post is verified, stored durably, then answered."""
